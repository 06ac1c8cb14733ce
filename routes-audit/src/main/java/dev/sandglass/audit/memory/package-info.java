/** The memory of a replica of audit, which it may lose. */
@NullMarked
package dev.sandglass.audit.memory;

import org.jspecify.annotations.NullMarked;
