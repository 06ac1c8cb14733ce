package dev.sandglass.support;

import static dev.sandglass.support.Shape.Rule.CALLS_DAPR;
import static dev.sandglass.support.Shape.Rule.DOMAIN_IS_NOT_PURE;
import static dev.sandglass.support.Shape.Rule.MEMORY_IS_NOT_PURE;
import static dev.sandglass.support.Shape.Rule.SENDS_TO_ROUTES;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void theVocabularyCallsDaprAndNothingElseDoes() {
        new Shape("dev.sandglass.support")
                .but(CALLS_DAPR, "SidecarDapr", "is the sidecar's client itself")
                .but(CALLS_DAPR, "DaprCalls", "is the Kamelets' bean")
                .but(
                        CALLS_DAPR,
                        "SidecarWait",
                        "waits for the sidecar at start and lets it go at the end: the one exception")
                .but(CALLS_DAPR, "kamelets.Webhooks", "is the bean of the webhook Kamelets")
                .but(CALLS_DAPR, "kamelets.YamlState", "is the bean of the integrators' state Kamelets")
                .but(CALLS_DAPR, "yaml.TrialDapr", "is the Dapr that a file is tried with")
                .but(SENDS_TO_ROUTES, "yaml.Loaded", "runs integrators' routes in their own context")
                .but(SENDS_TO_ROUTES, "yaml.Trial", "tries them there before they are in force")
                .holds(CALLS_DAPR, DOMAIN_IS_NOT_PURE, MEMORY_IS_NOT_PURE, SENDS_TO_ROUTES);
    }
}
