/** What flows where: one flow per class. */
@NullMarked
package dev.sandglass.sync.routes;

import org.jspecify.annotations.NullMarked;
