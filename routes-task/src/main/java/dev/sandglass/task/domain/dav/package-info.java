/** CalDAV as texts and values: XML, iCalendar, names and filters. */
@NullMarked
package dev.sandglass.task.domain.dav;

import org.jspecify.annotations.NullMarked;
