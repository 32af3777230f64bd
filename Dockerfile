# syntax=docker/dockerfile:1
# docker build -t akkastream . && docker run -p 127.0.0.1:9092:9092 -e AKKASTREAM_ADVERTISED_LISTENERS=PLAINTEXT://localhost:9092 akkastream

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Packages first: they change less often than the sources, and their layer is kept.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Directory.Build.props src/BannedSymbols.txt src/
COPY --parents src/*/*.csproj ./
RUN dotnet restore src/AkkaStream.Server/AkkaStream.Server.csproj -p:PublishReadyToRun=true --use-current-runtime
COPY src src
RUN dotnet publish src/AkkaStream.Server/AkkaStream.Server.csproj -c Release --no-restore --use-current-runtime \
    --self-contained false -p:PublishReadyToRun=true -o /app \
 && mkdir -p /data

FROM mcr.microsoft.com/dotnet/runtime:10.0
LABEL org.opencontainers.image.title="AkkaStream" \
      org.opencontainers.image.description="A commit-log broker that speaks Kafka's wire protocol"
COPY --from=build /app /opt/akkastream
COPY hocon /etc/akkastream
# The image's own user without rights; volumes take over the owner of the folder they cover.
COPY --from=build --chown=$APP_UID:$APP_UID /data /var/lib/akkastream
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /var/lib/akkastream
EXPOSE 9092
# No shell in between: the broker itself gets SIGTERM and stops cleanly, within stop.patience and the closing of its logs.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/akkastream/akkastream"]
CMD ["server", "/etc/akkastream/container.conf", "--env", "KAFKA_"]
