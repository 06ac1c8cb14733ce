/** Identity: signed tokens, the keys they are signed with, tickets for the live feed. */
@NullMarked
package dev.sandglass.task.routes.identity;

import org.jspecify.annotations.NullMarked;
