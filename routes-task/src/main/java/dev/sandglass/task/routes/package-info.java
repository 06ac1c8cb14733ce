/** The flows, one a class. */
@NullMarked
package dev.sandglass.task.routes;

import org.jspecify.annotations.NullMarked;
