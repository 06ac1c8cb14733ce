/** The memory of a replica, which it may lose: work that waits, attempts under way. */
@NullMarked
package dev.sandglass.support.memory;

import org.jspecify.annotations.NullMarked;
