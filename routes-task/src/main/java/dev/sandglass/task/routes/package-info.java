/** The flows that are written in Java, a class for each subject; the others are in {@code resources/routes}. */
@NullMarked
package dev.sandglass.task.routes;

import org.jspecify.annotations.NullMarked;
