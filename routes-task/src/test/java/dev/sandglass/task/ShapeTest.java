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
                        "the front door and the contract's gate, which decides before any route what comes in")
                .but(FOURTH_PACKAGE, "identity", "tokens and pseudonyms: to be split between domain and memory")
                .but(
                        FOURTH_PACKAGE,
                        "usecase",
                        "decisions that say no with a problem document: to become functions in domain")
                .holds();
    }
}
