/** Identity: signed tokens, tickets for the live feed. */
@NullMarked
package dev.sandglass.task.identity;

import org.jspecify.annotations.NullMarked;
