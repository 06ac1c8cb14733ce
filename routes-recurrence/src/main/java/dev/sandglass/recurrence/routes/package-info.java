/** What flows where in recurrence. */
@NullMarked
package dev.sandglass.recurrence.routes;

import org.jspecify.annotations.NullMarked;
