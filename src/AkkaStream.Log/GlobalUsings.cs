global using AkkaStream.Protocol;
using System.Runtime.CompilerServices;

// Scratch buffers on the stack are written before they are read; clearing kilobytes for every look-up would cost more than the look-up.
[module: SkipLocalsInit]
