import { AssayClient, type ClientOptions } from "assay-client";
import { type DynamicModule, Global, Inject, Injectable, Module, type OnApplicationShutdown } from "@nestjs/common";

/** Closes the connections when the application has answered its last request (`app.enableShutdownHooks()`). */
@Injectable()
export class AssayShutdown implements OnApplicationShutdown {
  constructor(@Inject(AssayClient) private readonly client: AssayClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

/** One client for the whole application: `AssayModule.forRoot({ socketPath: "/run/assay/assay.sock" })`. */
@Global()
@Module({})
export class AssayModule {
  static forRoot(options: ClientOptions): DynamicModule {
    return {
      module: AssayModule,
      providers: [{ provide: AssayClient, useFactory: () => new AssayClient(options) }, AssayShutdown],
      exports: [AssayClient],
    };
  }
}
