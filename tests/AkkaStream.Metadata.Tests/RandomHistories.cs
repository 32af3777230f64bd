using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;

namespace AkkaStream.Metadata.Tests;

/// <summary>Random records in random batches.</summary>
public sealed class RandomHistories
{
    const int Runs = 300;

    static void ForEachHistory(Action<List<List<IStoredMessage>>, NaiveMetadata> check) => Seeds.ForEach(Runs, seed =>
    {
        var random = new Random((int)seed);
        var model = new NaiveMetadata(random);
        var batches = Enumerable.Range(0, random.Next(1, 15))
            .Select(_ => Enumerable.Range(0, random.Next(1, 8)).SelectMany(_ => model.Next()).ToList())
            .ToList();
        check(batches, model);
    });

    [Fact]
    public void The_image_says_what_a_naive_model_says() => ForEachHistory((batches, model) =>
    {
        MetadataImage image = MetadataImage.Empty;
        foreach (var batch in batches) image = image.Apply(batch).Image;
        Assert.Equal(model.Lines(), NaiveMetadata.Lines(image));
        Assert.Equal(model.Topics.Values.Sum(t => t.Partitions.Count), image.Topics.PartitionCount);
    });

    [Fact]
    public void Where_batches_end_makes_no_difference() => ForEachHistory((batches, _) =>
    {
        MetadataImage image = MetadataImage.Empty;
        foreach (var batch in batches) image = image.Apply(batch).Image;
        Assert.Equal(Records.Bytes(image), Records.Bytes(Records.Replay(batches.SelectMany(b => b))));
    });

    [Fact]
    public void An_image_told_in_records_gives_the_same_image() => ForEachHistory((batches, _) =>
    {
        MetadataImage image = Records.Replay(batches.SelectMany(b => b));
        MetadataImage again = Records.Replay(ImageRecords.Of(image));
        Assert.Equal(NaiveMetadata.Lines(image), NaiveMetadata.Lines(again));
        Assert.Equal(Records.Bytes(image), Records.Bytes(again));
    });

    [Fact]
    public void A_delta_on_the_old_image_gives_the_new_one() => ForEachHistory((batches, _) =>
    {
        MetadataImage image = MetadataImage.Empty;
        foreach (var batch in batches)
        {
            (MetadataImage next, MetadataDelta delta) = image.Apply(batch);
            Assert.Equal(Listening.Of(next), new Listening(image).Follow(delta));
            image = next;
        }
    });

    [Fact]
    public void Two_deltas_in_one_say_the_same_as_one_after_the_other() => ForEachHistory((batches, _) =>
    {
        MetadataDelta? all = null;
        MetadataImage image = MetadataImage.Empty;
        foreach (var batch in batches)
        {
            (image, MetadataDelta delta) = image.Apply(batch);
            all = all?.Then(delta) ?? delta;
        }

        Assert.Equal(Listening.Of(image), new Listening(MetadataImage.Empty).Follow(all!));
    });

    [Fact]
    public void An_image_does_not_change_when_a_later_one_is_made() => ForEachHistory((batches, _) =>
    {
        MetadataImage first = Records.Replay(batches[0]);
        List<string> before = [.. NaiveMetadata.Lines(first)];
        MetadataImage image = first;
        foreach (var batch in batches.Skip(1)) image = image.Apply(batch).Image;
        Assert.Equal(before, NaiveMetadata.Lines(first));
    });

    /// <summary>A listener that keeps its own copy and changes it by deltas alone.</summary>
    sealed class Listening(MetadataImage start)
    {
        readonly SortedDictionary<string, string> _partitions = Of(start);

        public SortedDictionary<string, string> Follow(MetadataDelta delta)
        {
            foreach (TopicDelta topic in delta.Topics)
                foreach (PartitionDelta partition in topic.Partitions())
                    if (partition.After is { } after) _partitions[$"{topic.Topic.Id} {partition.Id}"] = after.ToString();
                    else _partitions.Remove($"{topic.Topic.Id} {partition.Id}");
            foreach (BrokerDelta broker in delta.Brokers)
                if (broker.After is { } after) _partitions[$"broker {after.Id}"] = $"{after.Epoch} {after.Fenced}";
                else _partitions.Remove($"broker {broker.Broker.Id}");
            foreach (ConfigResource resource in delta.Configs)
                _partitions[$"config {resource}"] = string.Join(',', delta.After.Configs.Of(resource));
            foreach (string empty in _partitions.Where(p => p.Value.Length == 0).Select(p => p.Key).ToList()) _partitions.Remove(empty);
            return _partitions;
        }

        public static SortedDictionary<string, string> Of(MetadataImage image)
        {
            var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (TopicImage topic in image.Topics.All)
                foreach ((int number, PartitionImage partition) in topic.Partitions.Index())
                    lines[$"{topic.Id} {number}"] = partition.ToString();
            foreach (BrokerImage broker in image.Brokers.All) lines[$"broker {broker.Id}"] = $"{broker.Epoch} {broker.Fenced}";
            foreach (ConfigResource resource in image.Configs.Resources)
                lines[$"config {resource}"] = string.Join(',', image.Configs.Of(resource));
            return lines;
        }
    }
}
