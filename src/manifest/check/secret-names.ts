const secretWords =
  /(?:^|[_.-])(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRETS?|TOKEN|APIKEY|CREDENTIALS?|AUTH|(?:API|PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION|MASTER|SERVICE)_?KEY)$/i;

/** Whether a variable's name says that its value is a secret: it ends in PASSWORD, TOKEN, API_KEY … */
export const looksSecret = (name: string): boolean => secretWords.test(name);

/** Whether a value is an address with a password in it. */
export const holdsCredentials = (value: string): boolean => /:\/\/[^\s/:@]*:[^\s/@]+@/.test(value);
