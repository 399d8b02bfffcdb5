// What each key of an operator file is, in one sentence with its unit and default: for editors and for `wallet-bridge schema`.
// It stands apart from the schema so that the shape can be read without the prose. A test holds the two to each other.

/**
 * By the end of a key's path, maps and lists alike; `*` is a name the file chooses. Of several ends that fit, the longest counts,
 * so what is said of `request.path` holds wherever a request stands.
 */
export const keyDescriptions: Readonly<Record<string, string>> = {
  version: 'Version of this file’s format: 1.',
  operator: 'Your short name (a-z, 0-9, -), as it stands in metrics and logs; one file per name.',
  extends:
    'The name of a preset this file builds on: keys written here come before the preset’s, null removes, own errors are tried first.',

  platform: 'GitSlotPark’s side: who calls the bridge, and how.',
  'platform.dialect': 'How the platform’s callbacks are written. Default: seamless.',
  'platform.timeout':
    'How long the platform waits for an answer, as a duration such as 10s; the bridge answers a tenth earlier. Default: 10s.',
  'platform.duplicates': 'What a repeated bet or win is answered: success, or result code 11. Default: success.',
  'platform.agents': 'The platform’s identities that belong to this wallet, each with one currency.',
  'agents.agentID': 'The agentID the platform gave you; it may stand in one file only.',
  'agents.currency': 'The currency of this agent’s players, an ISO 4217 code such as EUR.',
  'agents.keys':
    'Names of the secrets that sign this agent’s callbacks, of 16 bytes at least and of no other agent; any of them verifies, so that a key can be replaced.',
  'platform.formats':
    'What the platform’s identifiers look like, as regular expressions that match the whole value. Default: anything.',
  'formats.userID': 'The pattern of a userID, such as [0-9]{1,12}.',
  'formats.transactionID': 'The pattern of a transactionID, such as [0-9a-f]{32}.',
  'formats.roundID': 'The pattern of a roundID.',

  secrets: 'Keys and tokens by name, never written here: each comes from the environment or from a file.',
  'secrets.*': 'One secret: { env: NAME } or { file: path }.',
  'secrets.*.env': 'The environment variable that holds it.',
  'secrets.*.file': 'The file that holds it; one line break at its end is not part of it.',
  'secrets.*.optional': 'Whether the bridge may start without it; read it as ${secrets.?name}. Default: false.',

  settings: 'Constants and tables of this wallet, read as ${settings.name}.',
  'settings.*': 'A constant or a table.',
  vars: 'Intermediate values, read as ${vars.name}; each may read those above it.',
  'vars.*': 'Text with ${…} in it, worked out once a call where it is read.',

  wallet: 'Your side: where the wallet is, and what holds for all its calls.',
  'wallet.baseUrl': 'Where the wallet is: https://host, if need be with a port and a path, or { env: NAME }.',
  'wallet.formerly':
    'Origins (https://host) the same wallet had before: what was begun there goes on here. Without it such records are held for a person.',
  'baseUrl.env': 'The environment variable that holds the URL.',
  'wallet.format': 'How bodies are written and read. Default: json.',
  'format.request': 'The format of requests, where replies have another.',
  'format.response': 'The format of replies, where requests have another.',
  'request.format': 'The format of this request’s body, where it is not wallet.format.',
  'response.format': 'The format of this reply’s body, where it is not wallet.format.',
  'wallet.charset': 'How texts become bytes, both ways. Default: utf-8.',
  'wallet.timeout': 'How long one wallet call may take, as a duration such as 2500ms. Default: 2500ms.',
  'wallet.concurrency': 'How many calls may be under way at once; one more is not made. Default: 64.',
  'wallet.auth': 'How the bridge identifies itself to the wallet. Default: { type: none }.',
  'auth.type': 'The way: none, bearer, basic, apiKey, oauth2 (client credentials) or mtls (a client certificate).',
  'auth.token': 'The name of the secret that is sent as the bearer token.',
  'auth.username': 'The name of the secret that is the user name.',
  'auth.password': 'The name of the secret that is the password.',
  'auth.in': 'Where the API key goes: header or query.',
  'auth.name': 'The name of that header or parameter.',
  'auth.key': 'The name of the secret that is the API key, or with mtls the private key, as PEM.',
  'auth.tokenUrl': 'Where OAuth2 tokens are had, as a URL or { env: NAME }.',
  'tokenUrl.env': 'The environment variable that holds that URL.',
  'auth.clientId': 'The name of the secret that is the client id.',
  'auth.clientSecret': 'The name of the secret that is the client secret.',
  'auth.clientAuth': 'How the two are sent to tokenUrl: basic (as a header) or body. Default: basic.',
  'auth.scope': 'The scope that is asked for.',
  'auth.audience': 'The audience that is asked for.',
  'auth.cert': 'The name of the secret that is the client certificate, as PEM.',
  'auth.ca': 'The name of the secret that is the wallet’s own certificate authority, as PEM.',
  'auth.passphrase': 'The name of the secret that opens the private key.',
  'wallet.tls': 'Certificates of the connection, where another auth than mtls is used.',
  'tls.cert': 'The name of the secret that is the client certificate, as PEM.',
  'tls.key': 'The name of the secret that is its private key, as PEM.',
  'tls.ca': 'The name of the secret that is the wallet’s own certificate authority, as PEM.',
  'tls.passphrase': 'The name of the secret that opens the private key.',
  'wallet.currencies':
    'Currencies whose smallest unit is not that of ISO 4217, or that it does not have, and how many decimals they have.',
  'currencies.*': 'How many decimals the smallest unit of this currency has, from 0 to 18.',
  'wallet.breaker': 'When the bridge stops calling a sick wallet; bets, wins and balances are counted apart.',
  'breaker.openAtPercent': 'The share of failed calls, in percent, that stops further ones. Default: 50.',
  'breaker.minimumCalls': 'How many calls must have been made before that share counts. Default: 20.',
  'breaker.tryAgainAfter': 'How long it waits before it lets one call through again, as a duration. Default: 10s.',
  'wallet.reference':
    'Your wallet’s id for a movement, made of ${id}: the transactionID, with -w for the win of a betWin and -r for an undo. Default: ${id}.',
  'wallet.request': 'What every request has in common; an operation’s own request is merged over it, and null removes.',
  'wallet.sessionLifetime':
    'How long a player’s session is known after its launch or its last renewal, as a duration. Default: 24h.',
  'wallet.applied': 'The yes: the condition that makes a reply a success, unless an operation has its own.',

  request: 'The request this call makes.',
  'request.method': 'The HTTP method. Default: POST.',
  'request.path': 'The path below wallet.baseUrl, beginning with /, with ${…} in it.',
  'request.query': 'Parameters of the URL; one whose value is absent is left out.',
  'request.query.*': 'The value of a parameter, with ${…} in it.',
  'request.headers': 'Headers beside those the bridge sets itself.',
  'request.headers.*': 'The value of a header, with ${…} in it.',
  'request.body': 'The body, as a map or list of values with ${…} in them; a key whose value is absent is left out.',
  response: 'How the reply of this call is read.',
  'response.applied': 'The yes of this operation: the condition on response that makes its reply a success.',
  'response.balance': 'The player’s balance in the reply, as money; absent or unreadable, a balance call follows.',
  'response.receipt': 'The wallet’s own id for the movement, kept as original.receipt.',
  'response.session':
    'A new session the wallet hands out with any readable reply, such as ${response.headers["x-session"]}; the next calls read it as player.?session.',
  errors:
    'The no: rules tried in their order, the first that holds counts; an operation’s own come before the common ones. Default: none.',
  'errors.when': 'The condition on response; one that cannot be worked out does not hold.',
  'errors.result': 'What the reply says where the condition holds.',
  'errors.outcome':
    'What that means for the money, where the result does not say it: refused, notApplied (the wallet did nothing) or unknown.',
  repeatable:
    'May the bridge send a call again under the same reference? always: the wallet remembers refusals too; successes: successes only; no: neither. Default: no.',
  settle:
    'How long after it was sent a call may still land in the wallet, as a duration; until then “not found” proves nothing. Default: 60s.',
  whenUnresolved:
    'What the platform hears when time is up without a clear answer: fail (and undo), accept (and deliver), askAgain (HTTP 503). Default: fail for bets, accept for wins and rollbacks.',

  operations: 'The calls your wallet has, one mapping each.',
  'operations.getBalance': 'Asks for a player’s balance.',
  'operations.withdraw': 'Takes a bet from the player.',
  'operations.deposit': 'Gives a win to the player.',
  'operations.betWin':
    'Bet and win of one round at once: legs makes a withdraw and then a deposit; a mapping makes one call. Default: legs.',
  'operations.freeSpin':
    'Takes the bet of a free spin, instead of operations.withdraw; with it policy.freeSpins is forward.',
  'operations.closeRound':
    'Tells the wallet that a round is over, once after each win it has paid; how that ends changes no answer.',
  'closeRound.when':
    'The condition on request under which the round is over; one that cannot be worked out does not hold. Default: always.',
  'deposit.after':
    'What follows a paid win: closeRound, balance (the reply’s own is not trusted), or both in that order.',
  'betWin.after': 'What follows a betWin made by one call: closeRound, balance, or both in that order.',
  'withdraw.after': 'balance: the balance in the reply is not trusted, and a balance call follows.',
  'operations.rollback':
    'Undoes a movement: inverse (the opposite operation), unsupported, one mapping for all kinds, or one of these per kind.',
  'rollback.withdraw': 'Undoes a bet: inverse, unsupported or a mapping.',
  'rollback.deposit': 'Undoes a win: inverse, unsupported or a mapping.',
  'rollback.betWin': 'Undoes a betWin: legs where it is made of legs, else unsupported or a mapping.',
  cancelFirst:
    'safe: the wallet remembers an undo of a movement it has not seen, and then never applies the late movement. Default: no.',
  'operations.lookup': 'Asks what became of a movement.',
  'lookup.response.applied': 'The condition under which the wallet says it has applied the movement.',
  'lookup.response.refused': 'The condition under which it says it has refused it.',
  'lookup.response.absent':
    'The condition under which it says it has never seen it; more than a status, which a proxy answers, too.',

  policy: 'What the bridge promises beyond single calls.',
  'policy.whenJournalDown':
    'What money callbacks hear while the journal is away: askAgain (HTTP 503) or fail. Default: askAgain.',
  'policy.freeSpins':
    'Bets of free spins: skip (no wallet call) or forward. Default: skip, with operations.freeSpin forward.',
  'policy.zeroAmounts': 'Movements of nothing: skip (no wallet call) or forward. Default: skip.',
  'policy.accept':
    'How much may be owed to the wallet after whenUnresolved: accept; beyond it the platform is asked to ask again.',
  'accept.most': 'How many movements may be owed at once. Default: 1000.',
  'accept.maxAge': 'How old the oldest may be, as a duration. Default: 72h.',
  'policy.retention':
    'How long a finished transactionID is remembered, as a duration: a callback that comes again later moves money again. At least 24h. Default: 30d.',
  'policy.giveUpAfter':
    'How long the bridge works on an unfinished movement before a person must look, as a duration. Default: 72h.',
  'policy.risks':
    'What is refused unless you say here that you mean it: shortRetention (less than 24h), weakKeys (signing keys of fewer than 16 bytes). Default: none.',

  examples:
    'Replies of your wallet and what must come of them; `wallet-bridge check` runs them, with 11111111-2222-4333-8444-555555555555 for uuid().',
  'examples.name': 'What it shows.',
  'examples.operation': 'The call it is a reply to.',
  'examples.of': 'For a rollback or lookup: what it is about. Default: withdraw.',
  'examples.request': 'Fields of the callback where made-up ones will not do.',
  'examples.request.*': 'The value of a field.',
  'examples.repeatOf':
    'The reply is to a reference the wallet has answered before: with applied or with refused. Shows whether `repeatable` is true.',
  'examples.reply': 'What the wallet answers.',
  'reply.status': 'The HTTP status.',
  'reply.headers': 'The headers.',
  'reply.headers.*': 'The value of a header.',
  'reply.body': 'The body, as values.',
  'reply.text': 'The body, as it is sent; for one that is no proper body.',
  'examples.expect': 'What must come of it; what is not named may be anything.',
  'expect.outcome': 'What the reply says of the money.',
  'expect.result': 'Which result it is refused with.',
  'expect.balance': 'The balance read from it, such as 12.30.',
  'expect.receipt': 'The wallet’s own id read from it.',
};
