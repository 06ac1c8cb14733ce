package dev.sandglass.task.memory;

import dev.sandglass.support.domain.UserQuestion;
import dev.sandglass.support.memory.FairLookup;
import dev.sandglass.support.memory.ReadTurns;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Turns at reading the changes of lists for users: two portions at once, however many ask. */
@Singleton
@Named("changeReads")
public class ChangeReads {
    private final ReadTurns portions = new ReadTurns(2);

    /** The question, so that it reads in turns. */
    public FairLookup<?> question(@Body UserQuestion<?> question) {
        return new FairLookup<>(question, portions);
    }

    public void asked(@ExchangeProperty("lookup") FairLookup<?> lookup) {
        lookup.end();
    }
}
