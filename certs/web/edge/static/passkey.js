// Passkeys: asks the device, sends its answer, and stays out of the way where the browser knows none.
(() => {
  "use strict";
  const known = window.PublicKeyCredential
    && PublicKeyCredential.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;
  if (!known) return;
  const wrong = document.getElementById("passkey-wrong");
  const tokenOf = (button) => button.dataset.token
    || (button.closest("form") || document).querySelector("input[name=csrf_token]").value;
  const post = (address, token, value) => fetch(address, {
    method: "POST", credentials: "same-origin", redirect: "follow",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(value),
  });
  const run = async (button, options, ask, more) => {
    wrong.hidden = true;
    try {
      const token = tokenOf(button);
      const asked = await post(options, token, {});
      if (asked.redirected) { window.location = asked.url; return; }
      const credential = await ask(await asked.json());
      const answer = await post(button.dataset.answer, token, { ...credential.toJSON(), ...more() });
      if (!answer.ok) throw new Error(String(answer.status));
      window.location = answer.url;
    } catch { wrong.hidden = false; }
  };
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => run(button, button.dataset.passkey,
      (said) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(said) }),
      () => ({})));
  }
  for (const place of document.querySelectorAll("[data-when-passkeys]")) place.hidden = false;
  for (const button of document.querySelectorAll("[data-new-passkey]")) {
    button.addEventListener("click", () => run(button, button.dataset.newPasskey,
      (said) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(said) }),
      () => ({ name: document.getElementById("passkey-name").value })));
  }
})();
