/** What flows where in the reminder service, one flow a class. */
@NullMarked
package dev.sandglass.reminder.routes;

import org.jspecify.annotations.NullMarked;
