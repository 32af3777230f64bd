namespace AkkaStream.Net;

// Replies stand in the order of their requests. A reply that is ready early waits in its slot; a stretch of ready ones
// leaves in one gathered send at the end of the loop's round.
public sealed unsafe partial class Connection
{
    const int PiecesPerSend = 64;
    const int SendFilePerCall = 1 << 20;
    const int SendFileFrom = 32 * 1024;

    ReplySlot? _first, _last;
    int _inFlight, _open, _unsent;
    int _part, _partSent; // where in the first slot sending stands
    bool _dirty, _resuming;

    /// <summary>No further request may begin: an earlier one has not done its first stage, or too much is under way.</summary>
    bool IsHeld => _open > 0 && !OnlyGrouped || _inFlight >= _loop.Settings.MaxInFlight || _unsent > _loop.Settings.MaxUnsentBytes;

    // Those grouped in the batch that is still open do their first stage together when it ends: they hold nobody back.
    bool OnlyGrouped => _last!.State == SlotState.Grouped && _last.Batch == _loop.BatchNumber;

    ReplySlot Enqueue()
    {
        var slot = _loop.RentSlot();
        slot.Begin(this, _loop.Now);
        slot.NextSlot = null;
        if (_last is null) _first = slot;
        else _last.NextSlot = slot;
        _last = slot;
        _inFlight++;
        _open++;
        return slot;
    }

    internal void OnOrderFixed(ReplySlot slot)
    {
        _open--;
        ResumeIfHeld();
    }

    internal void OnCompleted(ReplySlot slot)
    {
        if (IsEnded)
        {
            _loop.ReturnSlot(slot);
            return;
        }
        _unsent += slot.ReplyLength;
        if (_dirty || slot != _first) return;
        _dirty = true;
        _loop.MarkDirty(this);
    }

    void ResumeIfHeld()
    {
        if (IsEnded || _draining || _resuming || _open > 0 || (_watchRead && _have == 0)) return;
        _resuming = true;
        _loop.MarkResumed(this);
    }

    internal void OnResumed()
    {
        _resuming = false;
        if (IsEnded || IsHeld) return;
        try
        {
            OfferKept();
            if (!IsEnded && !IsHeld) Watch(read: true, _watchWrite);
        }
        catch (Exception e)
        {
            NetTrace.FrameFailed(_loop.Log, RemoteAddress.ToString(), Listener.Name, e);
            End(EndReason.InternalError);
        }
    }

    void OnWritable()
    {
        Watch(_watchRead, write: false);
        SendReplies();
    }

    internal void SendReplies()
    {
        _dirty = false;
        if (IsEnded || _watchWrite) return;
        try
        {
            SendReady();
        }
        catch (Exception e)
        {
            NetTrace.FrameFailed(_loop.Log, RemoteAddress.ToString(), Listener.Name, e);
            End(EndReason.InternalError);
        }
    }

    void SendReady()
    {
        SendPiece* pieces = stackalloc SendPiece[PiecesPerSend];
        while (DropFinished() && !IsEnded)
        {
            int sent, wanted;
            if (ReplySlot.IsFile(_part))
            {
                sent = SendFilePart(out wanted);
            }
            else
            {
                int count = Gather(pieces, out wanted, out bool moreComes);
                sent = _socket.Send(new ReadOnlySpan<SendPiece>(pieces, count), moreComes);
            }
            if (sent > 0)
            {
                _loop.Counters.BytesOut += sent;
                _lastActivity = _loop.Now;
                Advance(sent);
            }
            else if (sent != NetResult.WouldBlock)
            {
                End(EndReason.ResetByPeer);
                return;
            }
            if (sent < wanted)
            {
                Watch(_watchRead, write: true);
                return;
            }
        }
        if (IsEnded) return;
        if (_draining && _inFlight == 0) End(EndReason.ServerStopping);
        else ResumeIfHeld();
    }

    /// <summary>Pieces up to the first file part, over as many ready replies as there are.</summary>
    int Gather(SendPiece* pieces, out int wanted, out bool moreComes)
    {
        int count = 0, part = _part, skip = _partSent;
        wanted = 0;
        moreComes = false;
        for (var slot = _first; slot is { State: SlotState.Completed, CloseReason: EndReason.None } && count < PiecesPerSend; slot = slot.NextSlot)
        {
            for (; part < slot.PartCount && count < PiecesPerSend; part++)
            {
                if (ReplySlot.IsFile(part))
                {
                    moreComes = true;
                    return count;
                }
                var piece = slot.PieceAt(part);
                if (piece.Length > skip) pieces[count++] = new SendPiece(piece.Pointer + skip, piece.Length - skip);
                wanted += piece.Length - skip;
                skip = 0;
            }
            part = 0;
        }
        return count;
    }

    int SendFilePart(out int wanted)
    {
        var slice = _first!.FileAt(_part);
        int left = slice.Length - _partSent;
        long offset = slice.Offset + _partSent;
        if (slice.Source.Handle is { } handle && slice.Length >= SendFileFrom)
        {
            wanted = Math.Min(left, SendFilePerCall);
            int sent = _socket.SendFile(handle, offset, wanted);
            if (sent != NetResult.Unsupported) return sent;
        }
        var buffer = _loop.Buffers.Rent(Math.Min(left, 256 * 1024));
        wanted = slice.Source.Read(new Span<byte>(buffer.Pointer, Math.Min(left, buffer.Capacity)), offset);
        int result = wanted <= 0
            ? NetResult.Failed
            : _socket.Send([new SendPiece(buffer.Pointer, wanted)], left > wanted || _part + 1 < _first.PartCount);
        buffer.Release();
        return result;
    }

    void Advance(int sent)
    {
        while (sent > 0)
        {
            var slot = _first!;
            if (_part == slot.PartCount)
            {
                Dequeue(); // one without a reply, between two with
                continue;
            }
            int length = ReplySlot.IsFile(_part) ? slot.FileAt(_part).Length : slot.PieceAt(_part).Length;
            int here = Math.Min(sent, length - _partSent);
            sent -= here;
            _unsent -= here;
            _partSent += here;
            if (_partSent < length) return;
            _partSent = 0;
            if (++_part == slot.PartCount) Dequeue();
        }
    }

    /// <summary>Takes away what needs no sending; true when there is something ready to send.</summary>
    bool DropFinished()
    {
        while (_first is { State: SlotState.Completed } slot)
        {
            if (slot.CloseReason != EndReason.None)
            {
                End(slot.CloseReason);
                return false;
            }
            if (_part < slot.PartCount)
            {
                int length = ReplySlot.IsFile(_part) ? slot.FileAt(_part).Length : slot.PieceAt(_part).Length;
                if (length > 0) return true;
                _part++;
                continue;
            }
            Dequeue();
        }
        return false;
    }

    void Dequeue()
    {
        var slot = _first!;
        _first = slot.NextSlot;
        if (_first is null) _last = null;
        _part = _partSent = 0;
        _inFlight--;
        _loop.ReturnSlot(slot);
    }

    void DropReplies()
    {
        // Those under way elsewhere come back through OnCompleted and rest then.
        for (var slot = _first; slot is not null;)
        {
            var next = slot.NextSlot;
            if (slot.State == SlotState.Completed) _loop.ReturnSlot(slot);
            slot = next;
        }
        _first = _last = null;
        _unsent = 0;
    }
}
