/** What can be asked of the front door: one class a request, named for what it does. */
@NullMarked
package dev.sandglass.task.usecase;

import org.jspecify.annotations.NullMarked;
