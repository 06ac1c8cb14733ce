/**
 * Files of other programs, read as the tasks they become: one class a format, which one it is found out by content. Pure: the time, the
 * zone and the language come as parameters. What a file cannot say here is told, entry by entry; nothing is dropped in silence.
 */
@NullMarked
package dev.sandglass.task.domain.imports;

import org.jspecify.annotations.NullMarked;
