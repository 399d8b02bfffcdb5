// The wallet that belongs to each preset, and what is particular about it: for the one suite all presets go
// through.

import { generateKeyPairSync } from 'node:crypto';
import { startGenericForm } from './wallets/generic-form.js';
import { startGenericJson } from './wallets/generic-json.js';
import { startHub88 } from './wallets/hub88.js';
import { startNetent } from './wallets/netent.js';
import { startPlayngo } from './wallets/playngo.js';
import { startSlotegrator } from './wallets/slotegrator.js';
import { startSoftswiss } from './wallets/softswiss.js';
import type { StandIn } from './wallets/stand-in.js';
import { startTomHorn } from './wallets/tom-horn.js';

interface Preset {
  start(openings: Readonly<Record<string, bigint>>): Promise<StandIn>;
  /**
   * What the operator's file asks of the environment, besides the platform's key and the wallet's address.
   */
  readonly env: Readonly<Record<string, string>>;
  /** The same with one key the wallet does not know. */
  readonly wrongEnv: Readonly<Record<string, string>>;
  /** What is in a bet's call, in a win's, and in one that undoes a bet. */
  readonly bet: string;
  readonly win: string;
  readonly undo: string;
  /** What the platform hears of a player the wallet does not have; 1 where the wallet has no word for it. */
  readonly unknownPlayer: 1 | 5;
  readonly strangerStaysOpen?: true;
  /** Bets and wins without an answer: brought to the end that was told, or left to a person. */
  readonly doubt: 'ended' | 'held';
}

const rsaKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const hubKeys = rsaKeys();

export const presets: Readonly<Record<string, Preset>> = {
  'generic-form': {
    start: (accounts) => startGenericForm(accounts, 'generic-key', 'gitslotpark'),
    env: { WALLET_SIGN_KEY: 'generic-key' },
    wrongEnv: { WALLET_SIGN_KEY: 'another' },
    bet: 'command=debit',
    win: 'command=credit',
    undo: 'command=cancel',
    unknownPlayer: 5,
    doubt: 'ended',
  },
  'generic-json': {
    start: (accounts) => startGenericJson(accounts, 'generic-key'),
    env: { WALLET_SIGN_KEY: 'generic-key' },
    wrongEnv: { WALLET_SIGN_KEY: 'another' },
    bet: '/bet ',
    win: '/win ',
    undo: '/rollback ',
    unknownPlayer: 5,
    doubt: 'ended',
  },
  hub88: {
    start: (accounts) => startHub88(accounts, hubKeys.publicKey),
    env: { HUB88_PRIVATE_KEY: hubKeys.privateKey },
    wrongEnv: { HUB88_PRIVATE_KEY: rsaKeys().privateKey },
    bet: '/transaction/bet ',
    win: '/transaction/win ',
    undo: '/transaction/rollback ',
    unknownPlayer: 1,
    doubt: 'ended',
  },
  'netent-soap': {
    start: (accounts) => startNetent(accounts, 'gsp', 'netent-password'),
    env: { NETENT_CALLER_ID: 'gsp', NETENT_CALLER_PASSWORD: 'netent-password' },
    wrongEnv: { NETENT_CALLER_ID: 'gsp', NETENT_CALLER_PASSWORD: 'another' },
    bet: '<n:withdraw ',
    win: '<n:deposit ',
    undo: '<n:rollbackTransaction ',
    unknownPlayer: 5,
    doubt: 'held',
  },
  playngo: {
    start: (accounts) => startPlayngo(accounts, 'playngo-token', '1'),
    env: { PLAYNGO_ACCESS_TOKEN: 'playngo-token' },
    wrongEnv: { PLAYNGO_ACCESS_TOKEN: 'another' },
    bet: '/reserve ',
    win: '/release ',
    undo: '/cancelReserve ',
    unknownPlayer: 1,
    strangerStaysOpen: true,
    doubt: 'ended',
  },
  slotegrator: {
    start: (accounts) => startSlotegrator(accounts, 'slotegrator-key', 'gitslotpark'),
    env: { SLOTEGRATOR_MERCHANT_KEY: 'slotegrator-key' },
    wrongEnv: { SLOTEGRATOR_MERCHANT_KEY: 'another' },
    bet: 'action=bet',
    win: 'action=win',
    undo: 'action=refund',
    unknownPlayer: 1,
    strangerStaysOpen: true,
    doubt: 'ended',
  },
  softswiss: {
    start: (accounts) => startSoftswiss(accounts, 'softswiss-token'),
    env: { SOFTSWISS_AUTH_TOKEN: 'softswiss-token' },
    wrongEnv: { SOFTSWISS_AUTH_TOKEN: 'another' },
    bet: '"action":"bet"',
    win: '"action":"win"',
    undo: '/rollback ',
    unknownPlayer: 5,
    doubt: 'ended',
  },
  'tom-horn': {
    start: (accounts) => startTomHorn(accounts, 'tom-horn-key', 'gitslotpark'),
    env: { TOM_HORN_SIGN_KEY: 'tom-horn-key' },
    wrongEnv: { TOM_HORN_SIGN_KEY: 'another' },
    bet: '/Withdraw ',
    win: '/Deposit ',
    undo: '/RollbackTransaction ',
    unknownPlayer: 5,
    doubt: 'ended',
  },
};
