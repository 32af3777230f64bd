using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// InitProducerId, versions 0-5. An idempotent producer gets a new id whenever it asks, whatever it was before.
//
// Transactions are not served yet. A transactional producer is refused with the one code that makes all clients give up at once, and
// not ask again until their own time-out.
static class InitProducerIdHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (InitProducerIdRequest)request;
        if (asked.TransactionalId is { Length: 0 } || asked.ProducerId == -1 != (asked.ProducerEpoch == -1)) return Refused(ErrorCode.InvalidRequest);
        if (asked.TransactionalId is not null) return Refused(ErrorCode.TransactionalIdAuthorizationFailed);
        var (error, id) = await context.Node.ProducerIds.NextAsync();
        return error switch
        {
            ErrorCode.None => new InitProducerIdResponse { ProducerId = id.Value, ProducerEpoch = 0 },

            // No block could be had just now; the code for that is the one that producers wait on.
            ErrorCode.RequestTimedOut or ErrorCode.NotController or ErrorCode.StaleBrokerEpoch or ErrorCode.BrokerIdNotRegistered =>
                Refused(ErrorCode.CoordinatorLoadInProgress),
            _ => Refused(error),
        };
    }

    static InitProducerIdResponse Refused(ErrorCode error) => new() { ErrorCode = error, ProducerId = -1, ProducerEpoch = -1 };
}
