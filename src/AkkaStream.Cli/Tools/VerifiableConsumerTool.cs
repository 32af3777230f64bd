using System.Text.Json;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-verifiable-consumer: reads as a member of a group, and tells each step. For those who check brokers.</summary>
static class VerifiableConsumerTool
{
    static OptionSet Options() => new OptionSet(
        "verifiable-consumer", "Consume as a member of a group, and tell each step as a line of JSON.")
        .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.", "broker-list")
        .Value("topic", "TOPIC", "REQUIRED: Consume from this topic.")
        .Value("group-id", "GROUP", "REQUIRED: The group to consume as.")
        .Value("group-protocol", "PROTOCOL", "classic or consumer (default: classic).")
        .Value("group-remote-assignor", "NAME", "With the consumer protocol: uniform or range.")
        .Value("group-instance-id", "ID", "A static member of this name.")
        .Value("max-messages", "NUMBER", "Consume so many; -1 goes on until the process is ended (default: -1).")
        .Value("session-timeout", "MS", "With the classic protocol: the session time-out.")
        .Flag("verbose", "Tell each record.")
        .Flag("enable-autocommit", "Commit by the clock, in place of after each poll.")
        .Value("reset-policy", "POLICY", "earliest, latest or none (default: earliest).")
        .Value("assignment-strategy", "CLASS", "With the classic protocol: the assignor (default: range).")
        .Value("command-config", "FILE", "Consumer properties file; the other options come first.", "consumer.config");

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        ToolContext.RequireServers(parsed);
        string topic = parsed.Required("topic");
        long most = parsed.Long("max-messages") ?? -1;
        var settings = Settings(context, parsed);
        var events = new EventLines(context.Io);
        events.Write("startup_complete");
        var run = new Run(context, events, parsed.Has("verbose"), commits: !settings.AutoCommit);
        int code = 0;
        await using (var consumer = new Consumer(settings))
        {
            consumer.Subscribe([topic], run);
            try
            {
                await run.ReadAsync(consumer, most).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
            {
                events.Write("shutdown_requested");
            }
            catch (KafkaException e)
            {
                context.Error.WriteLine($"ERROR Error during processing, terminating consumer process: {e.Message}");
                code = 1;
            }
        }
        events.Write("shutdown_complete");
        if (!context.Stop.IsCancellationRequested) events.Write("shutdown_requested");
        return code;
    }

    static ConsumerSettings Settings(ToolContext context, Parsed parsed)
    {
        string protocol = (parsed.Text("group-protocol") ?? "classic").ToLowerInvariant();
        if (protocol is not ("classic" or "consumer"))
            throw new UsageException($"argument --group-protocol: invalid choice: '{protocol}' (choose from {{classic,consumer}})");
        var properties = context.Properties(parsed, "command-config", null);
        properties["group.id"] = parsed.Required("group-id");
        properties["group.protocol"] = protocol;
        properties["enable.auto.commit"] = parsed.Has("enable-autocommit") ? "true" : "false";
        properties["auto.offset.reset"] = parsed.Text("reset-policy") ?? "earliest";
        if (parsed.Text("group-instance-id") is { } instance) properties["group.instance.id"] = instance;
        if (protocol == "consumer")
        {
            if (parsed.Text("group-remote-assignor") is { } assignor) properties["group.remote.assignor"] = assignor;
        }
        else
        {
            properties["partition.assignment.strategy"] = parsed.Text("assignment-strategy") ?? "range";
            if (parsed.Text("session-timeout") is { } session) properties["session.timeout.ms"] = session;
        }
        var settings = ConsumerSettings.FromProperties(properties);
        return settings with { Client = context.Prepare(settings.Client) };
    }

    sealed class Run(ToolContext context, EventLines events, bool verbose, bool commits) : IRebalanceListener
    {
        static readonly TimeSpan WhileQuiet = TimeSpan.FromSeconds(1);

        long _count;

        public async Task ReadAsync(Consumer consumer, long most)
        {
            while (most < 0 || _count < most)
            {
                using var records = await consumer.PollAsync(WhileQuiet, context.Stop).ConfigureAwait(false);
                if (records.Count == 0) continue;
                var seen = Tell(records, most < 0 ? long.MaxValue : most - _count);
                if (commits) await CommitAsync(consumer, seen).ConfigureAwait(false);
            }
        }

        public ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions) => Tell("partitions_assigned", partitions);

        public ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions) => Tell("partitions_revoked", partitions);

        ValueTask Tell(string name, IReadOnlyCollection<TopicPartition> partitions)
        {
            events.Write(name, json =>
            {
                json.WriteStartArray("partitions");
                foreach (var p in partitions)
                {
                    json.WriteStartObject();
                    Name(json, p);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
            return default;
        }

        static void Name(Utf8JsonWriter json, TopicPartition partition)
        {
            json.WriteString("topic", partition.Topic);
            json.WriteNumber("partition", partition.Partition);
        }

        /// <summary>Counts records up to a limit, each where it came from.</summary>
        Dictionary<TopicPartition, (long Count, long First, long Last)> Tell(ConsumerRecords records, long left)
        {
            var seen = new Dictionary<TopicPartition, (long Count, long First, long Last)>();
            foreach (var record in records)
            {
                if (left-- == 0) break;
                _count++;
                var partition = new TopicPartition(record.Topic, record.Partition);
                var (count, first, _) = seen.GetValueOrDefault(partition, (0, record.Offset, record.Offset));
                seen[partition] = (count + 1, first, record.Offset);
                if (verbose) Tell(record);
            }
            int polled = records.Count;
            events.Write("records_consumed", json =>
            {
                json.WriteNumber("count", polled);
                json.WriteStartArray("partitions");
                foreach (var (partition, range) in seen)
                {
                    json.WriteStartObject();
                    Name(json, partition);
                    json.WriteNumber("count", range.Count);
                    json.WriteNumber("minOffset", range.First);
                    json.WriteNumber("maxOffset", range.Last);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
            return seen;
        }

        void Tell(ConsumerRecord record) => events.Write("record_data", json =>
        {
            json.WriteString("key", record.Key.ToText());
            json.WriteString("value", record.Value.ToText());
            Name(json, new TopicPartition(record.Topic, record.Partition));
            json.WriteNumber("offset", record.Offset);
        });

        async ValueTask CommitAsync(Consumer consumer, Dictionary<TopicPartition, (long Count, long First, long Last)> seen)
        {
            var offsets = seen.ToDictionary(s => s.Key, s => new OffsetAndMetadata(s.Value.Last + 1));
            KafkaException? failure = null;
            try
            {
                await consumer.CommitAsync(offsets, context.Stop).ConfigureAwait(false);
            }
            catch (KafkaException e)
            {
                failure = e;
            }
            events.Write("offsets_committed", json =>
            {
                json.WriteStartArray("offsets");
                foreach (var (partition, offset) in offsets)
                {
                    json.WriteStartObject();
                    Name(json, partition);
                    json.WriteNumber("offset", offset.Offset);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteBoolean("success", failure is null);
                if (failure is not null) json.WriteString("error", failure.Message);
            });
        }
    }
}
