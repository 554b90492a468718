import manifest from './package.json' with { type: 'json' };

export const serveVersion: string = manifest.version;
