namespace AkkaStream.Client.Actors;

/// <summary>A record that was told to a <see cref="ProducerActor"/> does not stand in the log, as far as is known.</summary>
public sealed class NotDeliveredException : Exception
{
    NotDeliveredException(ProducerActor.Send request, Exception cause)
        : base(cause.Message, cause) => Request = request;

    /// <summary>What was to be sent.</summary>
    public ProducerActor.Send Request { get; }

    /// <summary>The reason, as Kafka names it; null when the producer was closed.</summary>
    public KafkaException? Error => InnerException as KafkaException;

    internal static NotDeliveredException Of(ProducerActor.Send request, Exception cause) => new(request, cause);
}
