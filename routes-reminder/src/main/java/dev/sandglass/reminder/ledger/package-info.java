/** What the service keeps in Dapr State, and what it holds in memory meanwhile: the steps that the routes are made of. */
@NullMarked
package dev.sandglass.reminder.ledger;

import org.jspecify.annotations.NullMarked;
