/** Identity: signed tokens, tickets for the live feed. */
@NullMarked
package dev.sandglass.task.routes.identity;

import org.jspecify.annotations.NullMarked;
