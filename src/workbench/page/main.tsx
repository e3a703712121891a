/** The page as the server of `cosnet workbench` gives it out. */
import { connectOverHttp, takeToken } from "./client/index.js";
import { showFailure, startPage } from "./start.js";

const token = takeToken();
if (token === undefined)
  showFailure(
    "This address lacks the token that cosnet gave out.",
    "Open the whole address that `cosnet workbench` printed in its terminal.",
  );
else await startPage(connectOverHttp(token));
