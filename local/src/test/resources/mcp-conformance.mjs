// The conformance suite of the Model Context Protocol has no option for a token: each of its requests gets this one as it is made.
import { subscribe } from "node:diagnostics_channel";

const bearer = `Bearer ${process.env.SANDGLASS_TOKEN}`;
subscribe("undici:request:create", ({ request }) => request.addHeader("authorization", bearer));
subscribe("http.client.request.created", ({ request }) => request.setHeader("authorization", bearer));
