/** The public port: who may open a socket, and the client at its other end. */
@NullMarked
package dev.sandglass.sync.routes.http;

import org.jspecify.annotations.NullMarked;
