/** The Model Context Protocol: what a message means, which tools there are, and what became of a call of one. */
@NullMarked
package dev.sandglass.task.domain.mcp;

import org.jspecify.annotations.NullMarked;
