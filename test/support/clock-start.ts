/** Where tenants' clocks stand at first, in Unix milliseconds: so far ahead that no alarm ever rings by itself. */
export const CLOCK_START = Date.parse('2040-01-01T00:00:00.000Z');
