/** Clients of a deployed Sandglass: the main job once, and load with a count of what went wrong. */
@NullMarked
package dev.sandglass.helm;

import org.jspecify.annotations.NullMarked;
