/**
 * The ledger: where every change of every list is decided, once, in one document per list, and from where it reaches everybody else.
 * Only this package and {@code route-support} know how things lie in the state store.
 */
@NullMarked
package dev.sandglass.task.ledger;

import org.jspecify.annotations.NullMarked;
