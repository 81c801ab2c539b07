/** Messages that gqlparser words in another way than the `graphql` package. */
const rewordings: readonly (readonly [RegExp, string])[] = [
  [
    /^Argument "[^"]*\.(\w+)\((\w+):\)" of type ("[^"]*") is required/,
    'Field "$1" argument "$2" of type $3 is required',
  ],
  [
    /^Argument "@(\w+)\((\w+):\)" of type ("[^"]*") is required/,
    'Directive "@$1" argument "$2" of type $3 is required',
  ],
];

/** The message of the `graphql` package as OPA would say it. */
export function opaMessage(message: string): string {
  for (const [pattern, wording] of rewordings) {
    if (pattern.test(message)) return message.replace(pattern, wording);
  }
  return message;
}
