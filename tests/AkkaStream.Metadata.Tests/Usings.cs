global using AkkaStream.Metadata.Configs;
