// What a callback service owes the platform, one row a rule. A run judges every answer by these rows and by
// nothing else, so what no row says cannot be broken. Written from the platform's rules and not from the
// bridge, which is judged by them like any other service.

/** Breaking one of these costs money, or would with the platform itself. */
export const RULES = {
  // How an answer is written.
  answered: 'every callback is answered before the platform gives up',
  'http-200': 'HTTP 200 whatever the answer: the platform takes anything else for none',
  'content-type': 'Content-Type is application/json',
  json: 'the body is one JSON object',
  code: 'the code is an integer, under the name the dialect gives it, and one the platform knows',
  message: 'message is a text',
  'balance-number': 'balance is a JSON number wherever the code is 0 or 11',
  'balance-decimals': 'the balance has exactly two decimals: 150.00, not 150',
  currency: 'GetBalance tells the currency beside the balance, always the same three letters',
  reference: 'a v2 answer of code 0 or 11 names platformTransactionID',
  'reference-once': 'one transaction has one platformTransactionID, at every delivery',
  'post-only': 'only POST is a callback; any other method is answered 405',
  // Who may ask.
  sign: 'a sign that was not made of this callback is refused with 3, and no money moves',
  'sign-once': 'a sign belongs to one transaction: under another one it is refused with 3 or 2',
  agent: 'an unknown agentID is answered 4',
  fields: 'a field that is missing or unreadable is answered 2, and no money moves',
  player: 'a player nobody knows is answered 5 (or 2, where the userID has no shape of yours)',
  // What becomes of the money.
  asked: 'GetBalance answers 0 with what the player has, and moves nothing',
  taken: 'a bet the player can pay is answered 0, and taken whole',
  'taken-once': 'a bet that comes again is answered 0 or 11, and taken once',
  'taken-apart': 'two bets at once are two bets: neither is lost in the other',
  paid: 'a win is answered 0, and paid whole, even where its bet is not known',
  'paid-once': 'a win that comes again is answered 0 or 11, and paid once',
  'bet-and-win': 'a BetWin is answered 0: its bet is taken and its win is paid, whole',
  'bet-and-win-once': 'a BetWin that comes again is answered 0 or 11, and moves nothing more',
  'free-spin': 'a free spin takes no money, and gives none when it is rolled back; its win is paid',
  funds: 'a bet over what the player has is answered 6, at every delivery, and takes nothing',
  'other-content': 'a known transactionID with other content is answered 2, and moves nothing',
  undone: 'a rollback is answered 0, and gives back exactly what its transaction moved',
  'undone-once': 'a rollback that comes again is answered 9 or 0, and gives back nothing more',
  'undo-unknown': 'a rollback of what never came is answered 8, and moves nothing',
  'undo-of-others': 'a rollback in another player’s name is answered 8, and undoes nothing',
  'late-bet': 'a bet that comes after its rollback takes nothing, and is not answered 0 or 11',
  'undo-meanwhile': 'a bet whose rollback comes while it is under way ends without effect',
  // What the whole run must come to.
  'one-story': 'no transaction is told both done and failed',
  ended: 'what got no answer is ended: a bet by its rollback, a win by being delivered again',
  books: 'balance at the start and all moves told make the balance at the end',
} as const;

/** What is allowed, and worth knowing all the same. */
export const NOTES = {
  'balance-late': 'a balance lagged behind what was told, and came right within `--settle`',
  'code-11': 'a duplicate is answered 11: published as good as 0, but seen to fail the spin',
  'sign-case': 'a sign in lower-case digits is accepted; the platform sends upper case',
  'late-copy': 'a late copy of a bet that was rolled back is told as done, though nothing moves',
} as const;

export type Rule = keyof typeof RULES;
export type Note = keyof typeof NOTES;
