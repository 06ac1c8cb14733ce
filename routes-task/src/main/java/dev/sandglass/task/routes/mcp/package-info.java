/** The edge of {@code /mcp}: JSON-RPC in and out, the tools as their files describe them. */
@NullMarked
package dev.sandglass.task.routes.mcp;

import org.jspecify.annotations.NullMarked;
