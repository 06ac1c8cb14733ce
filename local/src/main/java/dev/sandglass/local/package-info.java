/** The program of {@code ./run}: it starts, watches and stops the parts of a stack on one machine. */
@NullMarked
package dev.sandglass.local;

import org.jspecify.annotations.NullMarked;
