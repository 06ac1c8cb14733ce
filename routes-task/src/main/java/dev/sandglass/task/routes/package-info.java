/** What flows where: one flow a class. */
@NullMarked
package dev.sandglass.task.routes;

import org.jspecify.annotations.NullMarked;
