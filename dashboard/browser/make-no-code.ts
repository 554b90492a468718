import * as z from 'zod';

// What pages may do here does not include making code, not even to find out whether they may. Said before the first
// schema is made, which is why this is a module of its own.
z.config({ jitless: true });
