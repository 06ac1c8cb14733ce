/** Finding tasks: the query, the tasks it finds, their order, page by page. Pure. */
@NullMarked
package dev.sandglass.task.domain.finding;

import org.jspecify.annotations.NullMarked;
