/** Finding tasks: what a query asks for, which tasks it finds, in which order, page by page. Pure. */
@NullMarked
package dev.sandglass.task.domain.finding;

import org.jspecify.annotations.NullMarked;
