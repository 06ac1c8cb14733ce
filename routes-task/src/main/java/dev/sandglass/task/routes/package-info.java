/** Where the routes and HTTP meet. The flows themselves are in {@code resources/routes}, one in a file. */
@NullMarked
package dev.sandglass.task.routes;

import org.jspecify.annotations.NullMarked;
