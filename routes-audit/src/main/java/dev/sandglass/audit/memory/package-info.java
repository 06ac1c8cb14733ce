/** Holds what a replica of audit may lose. */
@NullMarked
package dev.sandglass.audit.memory;

import org.jspecify.annotations.NullMarked;
