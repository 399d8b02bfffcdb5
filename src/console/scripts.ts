// The little a page does by itself, where the browser runs scripts; each page works without.

/** Brings a page up to date, unless somebody reads it elsewhere, writes in it, or has stopped that. */
export const refreshScript = `'use strict';
{
  const every = 10000;
  const button = document.createElement('button');
  const isOn = () => sessionStorage.getItem('refresh') !== 'off';
  const say = () => {
    button.textContent = isOn() ? 'Stop refreshing' : 'Refresh by itself';
  };
  button.type = 'button';
  button.className = 'quiet';
  button.addEventListener('click', () => {
    sessionStorage.setItem('refresh', isOn() ? 'off' : 'on');
    say();
  });
  say();
  document.querySelector('header').append(button);
  const isBusy = () =>
    document.hidden ||
    Boolean(document.activeElement?.closest('main form')) ||
    [...document.querySelectorAll('main input:not([type=hidden]), main textarea')].some((one) => one.value !== one.defaultValue);
  setInterval(() => {
    if (isOn() && !isBusy()) location.reload();
  }, every);
}
`;

/** A file that is dropped on the field for it is as good as pasted; it stays in the browser until the form is sent. */
export const dropScript = `'use strict';
{
  const field = document.querySelector('textarea[name=file]');
  field.previousElementSibling.append(', or its file dropped here');
  field.addEventListener('dragover', (event) => event.preventDefault());
  field.addEventListener('drop', async (event) => {
    const [file] = event.dataTransfer.files;
    if (file === undefined) return;
    event.preventDefault();
    field.value = await file.text();
  });
}
`;
