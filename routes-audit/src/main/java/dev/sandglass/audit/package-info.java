/** Every change kept, in order, provably whole: between the routes and the pure part, what reads and writes the state store. */
@NullMarked
package dev.sandglass.audit;

import org.jspecify.annotations.NullMarked;
