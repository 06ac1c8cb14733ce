package dev.sandglass.task;

import static dev.sandglass.support.Shape.Rule.CALLS_DAPR;
import static dev.sandglass.support.Shape.Rule.DOMAIN_IS_NOT_PURE;
import static dev.sandglass.support.Shape.Rule.FOURTH_PACKAGE;

import dev.sandglass.support.Shape;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theRoutesAreTheProgram() {
        new Shape("dev.sandglass.task")
                .but(
                        CALLS_DAPR,
                        "identity.Tokens",
                        "asks the issuer for its keys by the sidecar, on the way of a request")
                .but(CALLS_DAPR, "ledger.Changes", "reads changes for whoever asks: a bean, no route yet")
                .but(CALLS_DAPR, "ledger.Conversations", "reads and writes the chat's state: a bean, no route yet")
                .but(
                        CALLS_DAPR,
                        "ledger.Draft",
                        "reads what a write lacks in the middle of it: is to ask for documents as a decision does")
                .but(
                        CALLS_DAPR,
                        "ledger.Ledger",
                        "writes and settles with threads and retries of its own: is to be direct:decide")
                .but(
                        CALLS_DAPR,
                        "ledger.Once",
                        "reads what an Idempotency-Key did: is to be a document of the decision")
                .but(CALLS_DAPR, "ledger.Places", "reads where a task is: is to be a document of the decision")
                .but(CALLS_DAPR, "ledger.Registry", "reads and writes which lists there are: a bean, no route yet")
                .but(CALLS_DAPR, "ledger.Trimming", "reads, asks and deletes in one bean: is to be a route by a timer")
                .but(CALLS_DAPR, "ledger.Users", "reads and writes users: a bean, no route yet")
                .but(
                        CALLS_DAPR,
                        "ledger.Views",
                        "loads views inside a read: is to be a route between two looks into memory")
                .but(
                        CALLS_DAPR,
                        "usecase.ForServices",
                        "reads heads and lists for the other services: a bean, no route yet")
                .but(
                        DOMAIN_IS_NOT_PURE,
                        "domain.TaskFields",
                        "says no with a problem document: a decision cannot be rejected as a value yet")
                .but(
                        DOMAIN_IS_NOT_PURE,
                        "domain.finding.Finding",
                        "says no with a problem document: a decision cannot be rejected as a value yet")
                .but(
                        FOURTH_PACKAGE,
                        "http",
                        "the front door and the contract's gate: rest().openApi() is to take their place")
                .but(FOURTH_PACKAGE, "identity", "tokens and pseudonyms: to be split between domain and memory")
                .but(
                        FOURTH_PACKAGE,
                        "ledger",
                        "to be split between domain and memory as its calls of Dapr become routes")
                .but(
                        FOURTH_PACKAGE,
                        "usecase",
                        "decisions that still ask the ledger themselves: to become functions in domain")
                .holds();
    }
}
