package dev.sandglass.task.routes;

import dev.sandglass.task.domain.ChangeList;
import dev.sandglass.task.domain.Chat;
import dev.sandglass.task.domain.CreateTask;
import dev.sandglass.task.domain.Trimming;
import dev.sandglass.task.domain.Users;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Decisions that follow a setting, by the names that routes call them. */
@Singleton
class ConfiguredDecisions {
    @Produces
    @Singleton
    @Named("users")
    Users users(@ConfigProperty(name = "sandglass.task.default-time-zone") ZoneId defaultZone) {
        return new Users(defaultZone);
    }

    @Produces
    @Singleton
    @Named("createTask")
    CreateTask createTask(Users users) {
        return new CreateTask(users);
    }

    @Produces
    @Singleton
    @Named("changeList")
    ChangeList changeList(Users users) {
        return new ChangeList(users);
    }

    @Produces
    @Singleton
    @Named("chat")
    Chat chat(
            CreateTask create,
            ChangeList lists,
            @ConfigProperty(name = "sandglass.task.conversation") Optional<String> model) {
        return new Chat(create, lists, model.isPresent());
    }

    @Produces
    @Singleton
    @Named("trimming")
    Trimming trimming(
            @ConfigProperty(name = "sandglass.task.keep-changes") long keptChanges,
            @ConfigProperty(name = "sandglass.task.keep-changes-for") Duration kept) {
        return new Trimming(keptChanges, kept);
    }
}
