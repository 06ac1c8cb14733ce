/** The flows of the reminder service that are written in Java, one a class; the others are in {@code resources/routes}. */
@NullMarked
package dev.sandglass.reminder.routes;

import org.jspecify.annotations.NullMarked;
