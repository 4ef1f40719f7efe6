/** `node --conditions=source --import tools/swc-register.mjs some.ts` */
import module from 'node:module';
import * as hooks from './swc-hooks.mjs';

// Newer Node runs hooks in the same thread; Node 20 has only those of a thread of their own.
if (typeof module.registerHooks === 'function') module.registerHooks({ resolve: hooks.resolve, load: hooks.load });
else module.register('./swc-hooks.mjs', import.meta.url);
process.setSourceMapsEnabled(true);
