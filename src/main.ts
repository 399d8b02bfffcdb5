#!/usr/bin/env node
// The process's first statement: it can be told to end from the moment it runs. As process 1, which is what it is
// in a container, a signal nobody listens to is lost, and reading the rest of the program takes its time.

import { constants } from 'node:os';

const endAtOnce = (signal: NodeJS.Signals): void => process.exit(128 + constants.signals[signal]);
process.on('SIGTERM', endAtOnce).on('SIGINT', endAtOnce);

const { runCommands } = await import('./commands/all.js');
await runCommands();
